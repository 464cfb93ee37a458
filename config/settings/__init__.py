"""Settings by topic; every deployment difference comes from the environment (``env``)."""

from config.settings.base import *
from config.settings.database import *
from config.settings.files import *
from config.settings.logs import *
from config.settings.notices import *
from config.settings.queue import *
from config.settings.rest import *
from config.settings.security import *
from config.settings.signin import *

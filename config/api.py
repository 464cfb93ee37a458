"""The addresses of the REST API, version 1."""

from django.urls import URLPattern, URLResolver, path, re_path

from assessment import api as assessment
from assessment import api_appeals as appeals
from branches import api as branches
from brands import api as brands
from config.api_docs import ApiPage, ApiSchema, NoSuchAddress
from dues import api as dues
from meetings import api as meetings
from rectification import api as rectification

urlpatterns: list[URLPattern | URLResolver] = [
    path("units/", branches.UnitFeed.as_view(), name="api-units"),
    path("units/<str:code>/", branches.UnitDetail.as_view(), name="api-unit"),
    path("committee-terms/", branches.TermFeed.as_view(), name="api-terms"),
    path("exemptions/", branches.ExemptionFeed.as_view(), name="api-exemptions"),
    path("members/", branches.MemberFeed.as_view(), name="api-members"),
    path("posts/", branches.PostFeed.as_view(), name="api-posts"),
    path("holidays/", meetings.HolidayFeed.as_view(), name="api-holidays"),
    path("fixed-days/", meetings.FixedDays.as_view(), name="api-fixed-days"),
    path("programmes/", meetings.ProgrammeFeed.as_view(), name="api-programmes"),
    path("events/", meetings.EventFeed.as_view(), name="api-events"),
    path("meetings/", meetings.MeetingFeed.as_view(), name="api-meetings"),
    path("meetings/<uuid:uuid>/", meetings.MeetingDetail.as_view(), name="api-meeting"),
    path(
        "meetings/<uuid:uuid>/submit/", meetings.MeetingSubmit.as_view(), name="api-meeting-submit"
    ),
    path("spot-checks/", meetings.SpotCheckFeed.as_view(), name="api-spot-checks"),
    path("check-draws/", meetings.DrawFeed.as_view(), name="api-check-draws"),
    path("check-draws/<uuid:uuid>/", meetings.DrawDetail.as_view(), name="api-check-draw"),
    path("study-plans/", meetings.StudyPlanFeed.as_view(), name="api-study-plans"),
    path("courses/", meetings.CourseFeed.as_view(), name="api-courses"),
    path("lecture-bookings/", meetings.BookingFeed.as_view(), name="api-lecture-bookings"),
    path("duties/", meetings.DutyFeed.as_view(), name="api-duties"),
    path("life-progress/", meetings.LifeProgress.as_view(), name="api-life-progress"),
    path("cases/", rectification.CaseFeed.as_view(), name="api-cases"),
    path("case-problems/", rectification.ProblemFeed.as_view(), name="api-case-problems"),
    path("case-figures/", rectification.FigureFeed.as_view(), name="api-case-figures"),
    path("brands/", brands.BrandFeed.as_view(), name="api-brands"),
    path("brand-years/", brands.BrandYearFeed.as_view(), name="api-brand-years"),
    path("brand-inspections/", brands.InspectionFeed.as_view(), name="api-brand-inspections"),
    path("brand-media/", brands.MediaFeed.as_view(), name="api-brand-media"),
    path("dues/", dues.DuesFeed.as_view(), name="api-dues"),
    path("allotments/", dues.AllotmentFeed.as_view(), name="api-allotments"),
    path("schemes/", assessment.SchemeFeed.as_view(), name="api-schemes"),
    path("runs/", assessment.RunFeed.as_view(), name="api-runs"),
    path("runs/<uuid:uuid>/", assessment.RunDetail.as_view(), name="api-run"),
    path("runs/<uuid:uuid>/rows/", assessment.ResultFeed.as_view(), name="api-run-rows"),
    path("appeals/", appeals.AppealFeed.as_view(), name="api-appeals"),
    path("rulings/", appeals.RulingFeed.as_view(), name="api-rulings"),
    path("schema/", ApiSchema.as_view(), name="api-schema"),
    path("docs/", ApiPage.as_view(url_name="api-schema"), name="api-docs"),
    re_path(r"^.*$", NoSuchAddress.as_view(), name="api-nowhere"),
]

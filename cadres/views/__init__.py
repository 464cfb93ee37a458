"""The pages of 干部工作, all behind :func:`cadres.views.door.officers_only`."""

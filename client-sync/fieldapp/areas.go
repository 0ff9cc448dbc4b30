package fieldapp

// areas mounts the pages, area by area.
func (a *App) areas() {
	a.startRoutes()
	a.lockRoutes()
	a.homeRoutes()
	a.readyRoutes()
	a.sendRoutes()
	a.travelRoutes()
	a.wipeRoutes()
	a.settingsRoutes()
	a.twoRoutes()
	a.sealedRoutes()
	a.findingRoutes()
	a.checklistRoutes()
	a.visitRoutes()
	a.helpRoutes()
}

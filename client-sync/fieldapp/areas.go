package fieldapp

// areas mounts the pages, area by area.
func (a *App) areas() {
	a.homeRoutes()
}

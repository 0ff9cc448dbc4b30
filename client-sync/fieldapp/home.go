package fieldapp

func (a *App) homeRoutes() {}

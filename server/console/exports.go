package console

func (c *Console) exportRoutes() {}

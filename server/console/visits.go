package console

func (c *Console) visitRoutes() {}

package console

func (c *Console) deviceRoutes() {}

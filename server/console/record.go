package console

func (c *Console) recordRoutes() {}

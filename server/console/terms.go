package console

func (c *Console) wordRoutes() {}

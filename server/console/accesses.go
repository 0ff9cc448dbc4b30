package console

func (c *Console) accessRoutes() {}

package console

func (c *Console) duplicateRoutes() {}

package console

func (c *Console) heldRoutes() {}

package console

func (c *Console) placeRoutes() {}

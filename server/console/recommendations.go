package console

func (c *Console) recommendationRoutes() {}

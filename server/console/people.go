package console

func (c *Console) peopleRoutes() {}

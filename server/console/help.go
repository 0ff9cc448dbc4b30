package console

func (c *Console) helpRoutes() {}

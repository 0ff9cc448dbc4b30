package console

func (c *Console) checklistRoutes() {}

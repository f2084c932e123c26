"""Who works on a project: roles, and invitations that their person accepts."""

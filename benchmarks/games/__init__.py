"""The games that are compared: each as a crisis file and, world by world, in the form that a peer reads."""

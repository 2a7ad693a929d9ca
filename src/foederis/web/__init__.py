"""The local workbench: a server for the page in the browser, and the processes that compute for it."""

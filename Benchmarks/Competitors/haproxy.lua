core.register_service("greeting", "tcp", function(applet) applet:send("Server Message") end)

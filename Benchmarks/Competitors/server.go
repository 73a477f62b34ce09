// The server in Go as its tutorials write it: a goroutine a client. server PORT greeting|echo
package main

import (
	"io"
	"log"
	"net"
	"os"
)

func serve(client net.Conn, job string) {
	defer client.Close()
	if job == "greeting" {
		client.Write([]byte("Server Message"))
	} else {
		io.Copy(client, client)
	}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(client, os.Args[2])
	}
}

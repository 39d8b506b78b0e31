// A server that speaks MongoDB's protocol, for tests on machines that have Go and no mongod: FerretDB on SQLite.
//
// FerretDB reads, changes and writes a document in three steps, so that two updates at once can lose one; in MongoDB a
// command changes a document in one. Here commands that write wait for each other, which makes it so.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/FerretDB/FerretDB/ferretdb"
)

var (
	writes  = []string{"insert", "update", "delete", "findAndModify", "createIndexes", "drop", "dropDatabase"}
	writing sync.Mutex
)

// Arguments: the address to listen on, and the folder of the data.
func main() {
	address, folder := os.Args[1], os.Args[2]
	// It lives as long as a test: collecting its garbage less often costs memory that nobody misses.
	debug.SetGCPercent(800)
	// It shares its cores with all processes of a test, and looks for work on the others while it has none.
	runtime.GOMAXPROCS(1)
	socket := filepath.Join(folder, "ferretdb.sock")
	_ = os.Remove(socket)
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{Unix: socket},
		Logger:    slog.New(slog.DiscardHandler),
		Handler:   "sqlite",
		// A test's server is killed, and no test cuts the power: each document's write need not wait for the disk.
		SQLiteURL: "file:" + folder + "/?_pragma=synchronous(off)",
	})
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(server.Run(context.Background())) }()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go relay(client, socket)
	}
}

// Relays requests and their answers, one after the other, as a client of MongoDB's sends them.
func relay(client net.Conn, socket string) {
	defer client.Close()
	backend, err := net.Dial("unix", socket)
	if err != nil {
		return
	}
	defer backend.Close()
	for {
		request, err := read(client)
		if err != nil {
			return
		}
		answer, err := ask(backend, request)
		if err != nil {
			return
		}
		if _, err := client.Write(answer); err != nil {
			return
		}
	}
}

func ask(backend net.Conn, request []byte) ([]byte, error) {
	if slices.Contains(writes, commandOf(request)) {
		writing.Lock()
		defer writing.Unlock()
	}
	if _, err := backend.Write(request); err != nil {
		return nil, err
	}
	return read(backend)
}

// A message begins with its length, of 4 bytes that count themselves.
func read(from net.Conn) ([]byte, error) {
	length := make([]byte, 4)
	if _, err := io.ReadFull(from, length); err != nil {
		return nil, err
	}
	message := make([]byte, binary.LittleEndian.Uint32(length))
	copy(message, length)
	_, err := io.ReadFull(from, message[4:])
	return message, err
}

// An OP_MSG has 16 bytes of header, 4 of flags and 1 for the kind of section; then a document: 4 bytes of length, 1 for
// the type of its first element, and that element's name, which is the command's.
func commandOf(message []byte) string {
	const opMsg, name = 2013, 16 + 4 + 1 + 4 + 1
	if len(message) < name || binary.LittleEndian.Uint32(message[12:]) != opMsg {
		return ""
	}
	command, _, _ := bytes.Cut(message[name:], []byte{0})
	return string(command)
}

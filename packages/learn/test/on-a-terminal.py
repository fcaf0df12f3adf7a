# Runs a command on a pseudo-terminal. Stdin is its keyboard, stdout its screen, and a line "columns rows" on file
# descriptor 3 resizes it. TERMINAL_SIZE is the size it starts with. Ends with the command's exit code.
import fcntl
import os
import pty
import select
import struct
import sys
import termios



def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


pid, master = pty.fork()
if pid == 0:
    os.close(3)
    resize(0, *os.environ.get("TERMINAL_SIZE", "80 40").split(" "))
    os.execvp(sys.argv[1], sys.argv[1:])

sources = [0, 3, master]
while True:
    ready, _, _ = select.select(sources, [], [])
    for source in ready:
        try:
            data = os.read(source, 65536)
        except OSError:
            data = b""
        if source == master:
            if not data:
                _, status = os.waitpid(pid, 0)
                sys.exit(os.waitstatus_to_exitcode(status))
            os.write(1, data)
        elif not data:
            sources.remove(source)
        elif source == 0:
            os.write(master, data)
        else:
            for line in data.decode().split("\n"):
                if line:
                    resize(master, *line.split(" "))

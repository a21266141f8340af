"""Runs a command in a pseudo-terminal and prints everything it wrote there.

terminal.py <columns> <text> <command…>: sends Ctrl-C once <text> has been written ("" for never). Ends as the command does.
"""
import fcntl
import os
import pty
import struct
import sys
import termios

columns, text, command = int(sys.argv[1]), sys.argv[2].encode(), sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 40, columns, 0, 0))
    os.execvp(command[0], command)
written, sent = b'', text == b''
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:  # Linux says so when the other end is closed.
        break
    if piece == b'':
        break
    written += piece
    if not sent and text in written:
        os.write(terminal, b'\x03')
        sent = True
sys.stdout.buffer.write(written)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

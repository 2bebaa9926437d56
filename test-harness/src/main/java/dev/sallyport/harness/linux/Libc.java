package dev.sallyport.harness.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;

/**
 * The calls of the C library that Java does not have. 64-bit Linux. Each returns what C returns;
 * {@link #check} turns -1 into an exception.
 */
final class Libc {
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  static final int CLONE_NEWNET = 0x40000000;
  static final int SCHED_FIFO = 1;
  static final int PR_SET_TIMERSLACK = 29;
  static final short POLLIN = 1;

  static {
    Native.register(Libc.class, "c");
  }

  private Libc() {}

  static native int open(String path, int flags);

  static native int close(int fd);

  static native long read(int fd, Pointer buffer, long count);

  static native long write(int fd, byte[] buffer, long count);

  static native int ioctl(int fd, long request, Pointer argument);

  static native int setns(int fd, int type);

  static native int prctl(int option, long value, long unused3, long unused4, long unused5);

  static native int sched_setscheduler(int pid, int policy, Pointer priority);

  static native int ppoll(Pointer fds, long count, Pointer timeout, Pointer signals);

  /**
   * @throws IOException with the name of the call and the error number, if {@code result} is -1
   */
  static int check(String call, int result) throws IOException {
    if (result == -1) {
      throw new IOException(call + " failed with error " + Native.getLastError());
    }
    return result;
  }
}

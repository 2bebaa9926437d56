package dev.sallyport.app.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A file, pipe or terminal whose {@link #close} ends a read that waits, which no stream of Java's
 * own does. It matters at the end of a process: a JVM that exits waits 300 ms for a thread that is
 * in a read. A file that was closed reads as one that is broken.
 *
 * <p>Threading: one thread reads, any closes.
 */
final class StandardInput extends InputStream {
  private final FileInputStream file;
  private final FileChannel channel;

  private StandardInput(FileInputStream file) {
    this.file = file;
    this.channel = file.getChannel();
  }

  /** That of this process. */
  static StandardInput ofProcess() {
    return of(new FileInputStream(FileDescriptor.in));
  }

  static StandardInput of(FileInputStream file) {
    return new StandardInput(file);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 1 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return length == 0 ? 0 : channel.read(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  public int available() throws IOException {
    return file.available();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

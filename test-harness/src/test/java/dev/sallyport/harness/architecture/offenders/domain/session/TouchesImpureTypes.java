package dev.sallyport.harness.architecture.offenders.domain.session;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;

public final class TouchesImpureTypes {
  private TouchesImpureTypes() {}

  public static void socket(Socket socket) {}

  public static void sockets(Socket[] sockets) {}

  public static void buffer(ByteBuffer buffer) {}

  public static void failure() throws IOException {}

  public static Object map() {
    return new ConcurrentHashMap<String, String>();
  }

  public static void lock(ReentrantLock lock) {}

  public static void timer(Timer timer) {}

  public static void threadState(Thread.State state) {}

  public static void log(Logger logger) {}

  public static Class<?> literal() {
    return ProcessHandle.class;
  }
}

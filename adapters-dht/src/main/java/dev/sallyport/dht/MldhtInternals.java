package dev.sallyport.dht;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import lbms.plugins.mldht.DHTConfiguration;
import lbms.plugins.mldht.kad.DHT;
import lbms.plugins.mldht.kad.RPCServer;
import lbms.plugins.mldht.kad.SpamThrottle;

/**
 * The three things of mldht that we need and its public surface does not offer. All other use of it
 * is by public methods and overriding. A version of mldht that renames them fails the first test.
 */
final class MldhtInternals {
  private static final Field CONFIGURATION = field(DHT.class, "config");
  private static final Field INCOMING = field(RPCServer.class, "throttle");
  private static final Method OUTGOING =
      method(RPCServer.class, "setOutgoingThrottle", SpamThrottle.class);

  private MldhtInternals() {}

  /** What {@code DHT.start} would set, without all it would start. */
  static void configure(DHT dht, DHTConfiguration configuration) {
    set(CONFIGURATION, dht, configuration);
  }

  /**
   * Both directions of a server's throttling. The outgoing one is set only for servers that mldht's
   * own manager makes, and without it the first call fails; the manager however binds no loopback
   * address.
   */
  static void throttle(RPCServer server, SpamThrottle incoming, SpamThrottle outgoing) {
    set(INCOMING, server, incoming);
    try {
      OUTGOING.invoke(server, outgoing);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("mldht's throttle cannot be set", e);
    }
  }

  private static void set(Field field, Object target, Object value) {
    try {
      field.set(target, value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("mldht's " + field.getName() + " cannot be set", e);
    }
  }

  private static Field field(Class<?> owner, String name) {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("this mldht has no " + owner.getName() + "." + name, e);
    }
  }

  private static Method method(Class<?> owner, String name, Class<?>... parameters) {
    try {
      Method method = owner.getDeclaredMethod(name, parameters);
      method.setAccessible(true);
      return method;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("this mldht has no " + owner.getName() + "." + name, e);
    }
  }
}

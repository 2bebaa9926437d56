package dev.sallyport.net;

import dev.sallyport.domain.punch.DialFailure;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.Locale;

/**
 * What the errors of Linux's connect(2), as the JDK wraps them, mean for a dial.
 *
 * <p>The JDK keeps no errno. Its exception class tells most of it; where one class stands for
 * several errors the C library's words decide, and words in another language fall to the case that
 * is commonest by far.
 *
 * <table>
 *   <caption>Errors by the moment they come</caption>
 *   <tr><th>moment</th><th>errno</th><th>failure</th></tr>
 *   <tr><td>open</td><td>EMFILE, ENFILE, ENOBUFS, ENOMEM</td><td>NO_RESOURCES</td></tr>
 *   <tr><td>open</td><td>EAFNOSUPPORT: no such family</td><td>NO_ROUTE</td></tr>
 *   <tr><td>bind, connect</td><td>EADDRINUSE, EADDRNOTAVAIL</td><td>TUPLE_IN_USE; without a fixed
 *       local port NO_RESOURCES, for then all ports are used up</td></tr>
 *   <tr><td>bind, connect</td><td>EACCES</td><td>NO_ROUTE: a privileged port or a prohibited
 *       route</td></tr>
 *   <tr><td>connect</td><td>ENETUNREACH, EHOSTUNREACH, EINVAL, EPERM: no packet left</td>
 *       <td>NO_ROUTE</td></tr>
 *   <tr><td>connect, later</td><td>ECONNREFUSED, ECONNRESET: a reset, or ICMP port unreachable, which
 *       connect(2) reports alike</td><td>REFUSED</td></tr>
 *   <tr><td>connect, later</td><td>ETIMEDOUT: the kernel gave up</td><td>TIMED_OUT</td></tr>
 *   <tr><td>later</td><td>EHOSTUNREACH, ENETUNREACH, ENOPROTOOPT, EHOSTDOWN, ...: ICMP, or no answer
 *       to ARP</td><td>UNREACHABLE</td></tr>
 * </table>
 */
final class DialErrors {
  private DialErrors() {}

  /** When socket(2) or bind(2) failed, or connect(2) at once. */
  static DialFailure onStart(Exception e, boolean fixedPort) {
    return switch (e) {
      case BindException bind when says(bind, "permission") -> DialFailure.NO_ROUTE;
      case BindException bind -> fixedPort ? DialFailure.TUPLE_IN_USE : DialFailure.NO_RESOURCES;
      case ConnectException connect -> refusedOrTimedOut(connect);
      case IOException io
          when says(io, "too many open") || says(io, "buffer") || says(io, "memory") ->
          DialFailure.NO_RESOURCES;
      // Among the rest: the JDK's UnsupportedOperationException where there is no IPv6 at all.
      default -> DialFailure.NO_ROUTE;
    };
  }

  /** When the connect had been started and failed later. */
  static DialFailure onFinish(Exception e) {
    return switch (e) {
      case ConnectException connect -> refusedOrTimedOut(connect);
      case NoRouteToHostException icmp -> DialFailure.UNREACHABLE;
      // A reset in the middle of a simultaneous open.
      case IOException io when says(io, "reset") || says(io, "gone") -> DialFailure.REFUSED;
      default -> DialFailure.UNREACHABLE;
    };
  }

  private static DialFailure refusedOrTimedOut(ConnectException e) {
    return says(e, "timed out") ? DialFailure.TIMED_OUT : DialFailure.REFUSED;
  }

  private static boolean says(Exception e, String words) {
    String message = e.getMessage();
    return message != null && message.toLowerCase(Locale.ROOT).contains(words);
  }
}

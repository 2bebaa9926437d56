package dev.sallyport.harness.agreement;

import dev.sallyport.domain.address.Endpoint;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/**
 * The TCP of a scenario's hosts, and of three in the middle: modelled or real, a program cannot
 * tell. Ports are bound as Sallyport binds them: one may listen and dial at the same time. What
 * cannot be done (a 4-tuple in use, a fabric that fails) is an {@link IllegalStateException}. For
 * one thread.
 */
interface RawTcp extends AutoCloseable {
  /** Longer than any answer takes on the table's paths, and shorter than until the next SYN. */
  int SILENCE_MILLIS = 400;

  /** Somebody with TCP. */
  enum Who {
    CLIENT,
    SERVER,
    /** In the middle. */
    X,
    /** In the middle too, with another address. */
    Y,
    /** With a third one. */
    Z
  }

  /** Those who are in the middle, by their addresses. */
  List<Who> IN_THE_MIDDLE = List.of(Who.X, Who.Y, Who.Z);

  /** What came of a dial. */
  enum Answer {
    /** It is connected, and stays so until the end or {@link #hangUp}. */
    ACCEPTED,
    /** A reset, or "port unreachable": a caller cannot tell. */
    REFUSED,
    /** Another ICMP error. */
    UNREACHABLE,
    /** Nothing, for {@link #SILENCE_MILLIS}. The socket is closed by then. */
    SILENCE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A dial that is to be made, from a port of one's own. */
  record Call(Who who, int port, Endpoint to) {}

  /** The address that a host itself has. */
  InetAddress address(Who who);

  /** The address that the middle sees it come from; the first of several. */
  InetAddress outside(Who who);

  /** Lets whoever comes in, until the end. */
  void listen(Who who, int port);

  /** Makes all these calls at the same moment; returns when each has its answer. */
  List<Answer> dial(List<Call> calls);

  /** Takes the next connection of this listener, and says where it sees it come from. */
  Endpoint callerOf(Who who, int port);

  /** Ends all that this port has dialled or taken, with resets; returns when they have arrived. */
  void hangUp(Who who, int port);

  default Answer dial(Who who, int port, Endpoint to) {
    return dial(List.of(new Call(who, port, to))).getFirst();
  }

  default Endpoint at(Who who, int port) {
    return new Endpoint(address(who), port);
  }

  @Override
  void close();
}

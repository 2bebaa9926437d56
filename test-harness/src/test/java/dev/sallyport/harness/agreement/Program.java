package dev.sallyport.harness.agreement;

import static dev.sallyport.harness.agreement.RawTcp.Who.CLIENT;
import static dev.sallyport.harness.agreement.RawTcp.Who.SERVER;
import static dev.sallyport.harness.agreement.RawTcp.Who.X;
import static dev.sallyport.harness.agreement.RawTcp.Who.Y;
import static dev.sallyport.harness.agreement.RawTcp.Who.Z;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.agreement.RawTcp.Answer;
import dev.sallyport.harness.agreement.RawTcp.Call;
import dev.sallyport.harness.agreement.RawTcp.Who;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * What is done to a network to see how it behaves. Each uses the ten ports from a first one on, and
 * answers in words, in the order in which its comment asks.
 */
enum Program {
  /**
   * Has a connection to X the host's port outside? Has one to another port of X, to Y, the same?
   */
  MAPPING(
      (net, p) -> {
        Endpoint toX = connect(net, CLIENT, p, X, p);
        Endpoint toOtherPort = connect(net, CLIENT, p, X, p + 1);
        Endpoint toY = connect(net, CLIENT, p, Y, p);
        return words(kept(toX, p), same(toOtherPort, toX), same(toY, toX));
      }),

  /** After a connection to X, does another port of X get in to the host's listener? Does Z? */
  WHO_MAY_ENTER(
      (net, p) -> {
        Endpoint mapped = connect(net, CLIENT, p, X, p);
        net.listen(CLIENT, p);
        return words(net.dial(X, p + 1, mapped), net.dial(Z, p, mapped));
      }),

  /** Does X get in to a port that listens, but has never sent anything? */
  NEVER_SENT(
      (net, p) -> {
        net.listen(CLIENT, p);
        return words(net.dial(X, p, new Endpoint(net.outside(CLIENT), p)));
      }),

  /**
   * The host and X, who is open and does not listen, dial each other at once: what does each get?
   */
  TOGETHER_WITH_AN_OPEN_HOST(
      (net, p) -> {
        Endpoint mapped = connect(net, CLIENT, p, Y, p);
        return words(net.dial(List.of(new Call(CLIENT, p, net.at(X, p)), new Call(X, p, mapped))));
      }),

  /** The two hosts dial each other at once, by what Y has seen of them: what does each get? */
  TOGETHER((net, p) -> words(net.dial(both(net, p)))),

  /** The client dials in vain, closes its socket, and then both dial at once. */
  IN_VAIN_THEN_TOGETHER(
      (net, p) -> {
        List<Call> both = both(net, p);
        List<Answer> answers = new ArrayList<>(net.dial(both.subList(0, 1)));
        answers.addAll(net.dial(both));
        return words(answers);
      }),

  /** The client dials in vain, closes its socket, and listens: does the server get in after it? */
  IN_VAIN_THEN_CALLED(
      (net, p) -> {
        List<Call> both = both(net, p);
        List<Answer> answers = new ArrayList<>(net.dial(both.subList(0, 1)));
        net.listen(CLIENT, p);
        answers.addAll(net.dial(both.subList(1, 2)));
        return words(answers);
      }),

  /** First the client has dialled in vain, then the server; then both dial at once. */
  BOTH_IN_VAIN_THEN_TOGETHER(
      (net, p) -> {
        List<Call> both = both(net, p);
        net.dial(both.subList(0, 1));
        net.dial(both.subList(1, 2));
        return words(net.dial(both));
      }),

  /** A dial to a closed port, the same once more, and again when X listens there. */
  REFUSED_THEN_AGAIN(
      (net, p) -> {
        Answer first = net.dial(CLIENT, p, net.at(X, p));
        Answer second = net.dial(CLIENT, p, net.at(X, p));
        net.listen(X, p);
        return words(first, second, net.dial(CLIENT, p, net.at(X, p)));
      }),

  /** A dial that X refuses; then X dials back from that port. */
  REFUSED_THEN_CALLED(
      (net, p) -> {
        Endpoint mapped = connect(net, CLIENT, p, Y, p);
        Answer refused = net.dial(CLIENT, p, net.at(X, p));
        net.listen(CLIENT, p);
        return words(refused, net.dial(X, p, mapped));
      }),

  /** A dial that X refuses; then both dial at once. */
  REFUSED_THEN_TOGETHER(
      (net, p) -> {
        Endpoint mapped = connect(net, CLIENT, p, Y, p);
        List<Answer> answers = new ArrayList<>();
        answers.add(net.dial(CLIENT, p, net.at(X, p)));
        answers.addAll(
            net.dial(List.of(new Call(CLIENT, p, net.at(X, p)), new Call(X, p, mapped))));
        return words(answers);
      }),

  /** X resets a connection; then it dials back from that port. */
  RESET_THEN_CALLED(
      (net, p) -> {
        Endpoint mapped = connect(net, CLIENT, p, X, p);
        net.hangUp(X, p);
        net.listen(CLIENT, p);
        return words(net.dial(X, p, mapped));
      }),

  /** The host resets its connection to X, and makes it again: does it have the same port? */
  RESET_THEN_AGAIN(
      (net, p) -> {
        Endpoint first = connect(net, CLIENT, p, X, p);
        net.hangUp(CLIENT, p);
        Answer again = net.dial(CLIENT, p, net.at(X, p));
        return words(again, same(net.callerOf(X, p), first));
      }),

  /** A dial to where there is no way, and the same once more. */
  NO_WAY_TWICE(
      (net, p) -> {
        Endpoint nowhere = Endpoint.parse("198.19.0.1:" + p);
        return words(net.dial(CLIENT, p, nowhere), net.dial(CLIENT, p, nowhere));
      }),

  /** A dial to an address that only the other site's network knows. */
  PRIVATE_ADDRESS(
      (net, p) -> {
        net.listen(SERVER, p);
        return words(net.dial(CLIENT, p, net.at(SERVER, p)));
      }),

  /** Two hosts of one network use one port towards X: which port does each get outside? */
  SAME_PORT_OF_TWO_HOSTS(
      (net, p) ->
          words(kept(connect(net, CLIENT, p, X, p), p), kept(reconnect(net, SERVER, p, X, p), p))),

  /** Two hosts of one network use one port towards X and Y: which port does each get outside? */
  SAME_PORT_TO_OTHERS(
      (net, p) ->
          words(kept(connect(net, CLIENT, p, X, p), p), kept(connect(net, SERVER, p, Y, p), p))),

  /** A host dials its neighbour's outer endpoint, which has sent to Y: what comes of it? */
  NEIGHBOUR_BY_OUTER_ENDPOINT(
      (net, p) -> {
        Endpoint neighbour = connect(net, SERVER, p, Y, p);
        net.listen(SERVER, p);
        return words(net.dial(CLIENT, p, neighbour));
      }),

  /** As who does a host see its neighbour that comes by the outer endpoint? */
  NEIGHBOUR_SEEN_AS(
      (net, p) -> {
        Endpoint neighbour = connect(net, SERVER, p, Y, p);
        net.listen(SERVER, p + 1);
        Endpoint other = connect(net, SERVER, p + 1, Y, p + 1);
        Answer answer = net.dial(CLIENT, p, other);
        Endpoint seen = net.callerOf(SERVER, p + 1);
        return words(answer, seen.address().equals(neighbour.address()) ? "outside" : "inside");
      }),

  /** Does X get in by the forwarded port of the server's router? By the one after it? */
  FORWARDED(
      (net, p) -> {
        net.listen(SERVER, Agreement.FORWARDED_PORT);
        Endpoint outside = new Endpoint(net.outside(SERVER), Agreement.FORWARDED_PORT);
        return words(net.dial(X, p, outside), net.dial(X, p, outside.withPort(p)));
      });

  @SuppressWarnings("ImmutableEnumChecker") // functions without state
  private final BiFunction<RawTcp, Integer, String> steps;

  Program(BiFunction<RawTcp, Integer, String> steps) {
    this.steps = steps;
  }

  /** Does it, and says what came of it. */
  String play(RawTcp net, int firstPort) {
    return steps.apply(net, firstPort);
  }

  /** For people. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Connects to somebody who listens from now on, and says what that one sees. */
  private static Endpoint connect(RawTcp net, Who who, int port, Who to, int toPort) {
    net.listen(to, toPort);
    return reconnect(net, who, port, to, toPort);
  }

  private static Endpoint reconnect(RawTcp net, Who who, int port, Who to, int toPort) {
    Answer answer = net.dial(who, port, net.at(to, toPort));
    if (answer != Answer.ACCEPTED) {
      throw new IllegalStateException(who + " cannot connect to " + to + ": " + answer);
    }
    return net.callerOf(to, toPort);
  }

  /** The calls of both hosts to each other, by what Y sees of them. */
  private static List<Call> both(RawTcp net, int p) {
    Endpoint client = connect(net, CLIENT, p, Y, p);
    Endpoint server = connect(net, SERVER, p, Y, p + 1);
    return List.of(new Call(CLIENT, p, server), new Call(SERVER, p, client));
  }

  private static String kept(Endpoint outside, int port) {
    return outside.port() == port ? "kept" : "changed";
  }

  private static String same(Endpoint one, Endpoint other) {
    return one.equals(other) ? "same" : "other";
  }

  private static String words(Object... all) {
    return words(List.of(all));
  }

  private static String words(List<?> all) {
    return all.stream().map(Object::toString).collect(Collectors.joining(" "));
  }
}

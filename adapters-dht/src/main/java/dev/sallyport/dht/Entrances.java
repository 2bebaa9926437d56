package dev.sallyport.dht;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ways into the network: the bootstrap nodes, whose names are resolved on threads of their own,
 * and the nodes remembered from the last run.
 *
 * <p>The JDK's name lookups cannot be interrupted. A hung one costs its thread and nothing else: it
 * is not waited for after {@link #DEADLINE_MILLIS}, and not started a second time.
 *
 * <p>Threading: confined to the loop.
 */
final class Entrances {
  /** How names become addresses: {@code InetAddress::getAllByName}, but for tests. */
  interface Names {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /** What is found, as it is found. */
  interface Finder {
    void foundSeed(InetSocketAddress address);

    void foundContacts(List<Contact> contacts);

    /** Nothing more will be found for now. */
    void foundAll();
  }

  private static final int DEADLINE_MILLIS = 4000;
  private static final int MAX_ADDRESSES_PER_NAME = 8;

  private final DhtConfig config;
  private final PolicyChoice policy;
  private final NodeCache cache;
  private final Names names;
  private final Loop loop;
  private final Finder finder;

  private final Map<HostPort, List<InetSocketAddress>> addresses = new LinkedHashMap<>();
  private final Set<HostPort> underway = new HashSet<>();
  private final Set<HostPort> waitedFor = new HashSet<>();
  private List<Contact> remembered = List.of();
  private boolean reading;
  private boolean read;

  Entrances(
      DhtConfig config,
      PolicyChoice policy,
      NodeCache cache,
      Names names,
      Loop loop,
      Finder finder) {
    this.config = config;
    this.policy = policy;
    this.cache = cache;
    this.names = names;
    this.loop = loop;
    this.finder = finder;
  }

  /** Looks for the entrances, names anew: they may have moved since the last time. */
  void search() {
    if (!read && !reading) {
      reading = true;
      daemon("dht-remembered", this::readRemembered);
    }
    for (HostPort entrance : config.bootstrap()) {
      InetAddress literal = IpLiteral.parse(entrance.host());
      if (literal != null) {
        found(entrance, new InetAddress[] {literal});
      } else if (!waitedFor.contains(entrance)) {
        waitedFor.add(entrance);
        if (underway.add(entrance)) {
          daemon("dht-name-" + entrance.host(), () -> resolve(entrance));
        }
        loop.later(DEADLINE_MILLIS, () -> stopWaiting(entrance));
      }
    }
    tellIfAll();
  }

  /** Whether more may be found soon. */
  boolean isSearching() {
    return reading || !waitedFor.isEmpty();
  }

  /** The addresses of the bootstrap nodes, as far as they are known. */
  List<InetSocketAddress> seeds() {
    return addresses.values().stream().flatMap(List::stream).toList();
  }

  /** The nodes remembered from the last run. */
  List<Contact> remembered() {
    return remembered;
  }

  /** Who was tried, for the message that nobody answered. */
  String describe() {
    List<String> tried = new ArrayList<>();
    for (HostPort entrance : config.bootstrap()) {
      List<InetSocketAddress> known = addresses.get(entrance);
      if (known == null && underway.contains(entrance)) {
        tried.add(entrance + " (its name was not resolved in time)");
      } else if (known == null) {
        tried.add(entrance + " (its name has no address)");
      } else if (known.stream().noneMatch(policy.get()::allows)) {
        tried.add(entrance + " (not an address of the public network)");
      } else {
        tried.add(entrance + " (no answer)");
      }
    }
    if (!remembered.isEmpty()) {
      tried.add(remembered.size() + " remembered nodes (no answer)");
    }
    return tried.isEmpty()
        ? "there was none to try; name one with --bootstrap, for example 192.0.2.1:6881"
        : "tried " + String.join(", ", tried);
  }

  private void readRemembered() {
    List<Contact> contacts = cache.load();
    loop.execute(
        () -> {
          reading = false;
          read = true;
          remembered = contacts;
          finder.foundContacts(contacts);
          tellIfAll();
        });
  }

  private void resolve(HostPort entrance) {
    InetAddress[] resolved;
    try {
      resolved = names.resolve(entrance.host());
    } catch (UnknownHostException | RuntimeException e) {
      resolved = new InetAddress[0];
    }
    InetAddress[] result = resolved;
    loop.execute(
        () -> {
          underway.remove(entrance);
          if (result.length > 0) {
            found(entrance, result);
          }
          stopWaiting(entrance);
        });
  }

  private void stopWaiting(HostPort entrance) {
    if (waitedFor.remove(entrance)) {
      tellIfAll();
    }
  }

  private void tellIfAll() {
    if (!isSearching()) {
      finder.foundAll();
    }
  }

  private void found(HostPort entrance, InetAddress[] resolved) {
    List<InetSocketAddress> known = new ArrayList<>();
    for (InetAddress address : resolved) {
      if (address.getAddress().length == 4 && known.size() < MAX_ADDRESSES_PER_NAME) {
        // Without the name: it would make equal addresses print differently.
        InetAddress bare = IpLiteral.of(address.getAddress());
        policy.entranceAt(bare);
        known.add(new InetSocketAddress(bare, entrance.port()));
      }
    }
    if (!known.isEmpty()) {
      addresses.put(entrance, List.copyOf(known));
      known.forEach(finder::foundSeed);
    }
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }
}

package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.punch.SocketId;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who of those at a service's door is next, and who has to go. */
class SecureQueueTest {
  private final SecureQueue queue = new SecureQueue();
  private long ids;

  @Test
  void allOfOneIpv6Prefix_areOneSource() {
    List<SocketId> first = new ArrayList<>();
    for (int i = 0; i < SecureQueue.STRANGERS_IN_FLIGHT; i++) {
      first.add(stranger("2001:db8:0:1::" + Integer.toHexString(i + 1)));
      assertThat(queue.next()).isEqualTo(first.getLast());
    }
    SocketId neighbour = id();
    assertThat(queue.offer(neighbour, address("2001:db8:0:1:8000::1")))
        .as("its /64 has its share")
        .isEmpty();
    assertThat(queue.next()).isNull();

    SocketId elsewhere = id();
    assertThat(queue.offer(elsewhere, address("2001:db8:0:2::1")))
        .as("another /64 takes the place of the oldest")
        .containsExactly(first.getFirst());
    assertThat(queue.next()).isEqualTo(elsewhere);
    assertThat(queue.isSecuring(neighbour)).isFalse();
  }

  @Test
  void neighboursInIpv4_areTwoSources() {
    SocketId first = securedFrom("203.0.113.7", SecureQueue.STRANGERS_IN_FLIGHT).getFirst();
    assertThat(queue.offer(id(), address("203.0.113.8"))).containsExactly(first);
  }

  @Test
  void theSourceWithTheFewestBeingSecured_isNext() {
    securedFrom("203.0.113.7", 2);
    securedFrom("203.0.113.8", 1);
    SocketId third = stranger("203.0.113.7");
    SocketId second = stranger("203.0.113.8");
    SocketId first = stranger("203.0.113.9");
    assertThat(List.of(taken(), taken(), taken())).containsExactly(first, second, third);
    assertThat(queue.next()).isNull();
  }

  @Test
  void whereEverySourceHasOne_aNewSourceWaitsForItsTurn() {
    List<SocketId> secured = new ArrayList<>();
    for (int i = 0; i < SecureQueue.STRANGERS_IN_FLIGHT; i++) {
      secured.addAll(securedFrom("203.0.113." + (1 + i), 1));
    }
    SocketId late = stranger("203.0.113.99");
    assertThat(queue.next()).isNull();
    assertThat(queue.remove(secured.get(5))).isTrue();
    assertThat(queue.next()).isEqualTo(late);
  }

  @Test
  void ofTheSourceWithTheMost_oneGivesItsPlace_notOfWhoeverCameFirst() {
    securedFrom("203.0.113.1", 2);
    SocketId oldest = securedFrom("203.0.113.2", SecureQueue.STRANGERS_IN_FLIGHT - 2).getFirst();
    assertThat(queue.offer(id(), address("203.0.113.3"))).containsExactly(oldest);
  }

  @Test
  void ofAFullLine_theLatestOfTheLongestPartGoes() {
    SocketId oldest = securedFrom("203.0.113.1", SecureQueue.STRANGERS_IN_FLIGHT).getFirst();
    SocketId latest = stranger("203.0.113.1");
    for (int i = 1; i < SecureQueue.IN_LINE; i++) {
      latest = stranger("203.0.113.1");
    }
    SocketId oneTooMany = id();
    assertThat(queue.offer(oneTooMany, address("203.0.113.1"))).containsExactly(oneTooMany);
    assertThat(queue.isStranger(oneTooMany)).isFalse();
    SocketId elsewhere = id();
    assertThat(queue.offer(elsewhere, address("203.0.113.2")))
        .as("the longest part gives a place in line, and one of those being secured")
        .containsExactly(latest, oldest);
    assertThat(queue.next()).isEqualTo(elsewhere);
  }

  @Test
  void whereEverySourceHasTwo_oneOfThemGivesItsPlace() {
    for (int i = 0; i < SecureQueue.STRANGERS_IN_FLIGHT / 2; i++) {
      securedFrom("203.0.113." + (1 + i), 2);
    }
    assertThat(queue.offer(id(), address("203.0.113.99"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 10})
  void theLongestPartOfTheLine_andTheMostBeingSecured_areCountedApart(int firstInLine) {
    List<SocketId> first = securedFrom("203.0.113.1", SecureQueue.STRANGERS_IN_FLIGHT);
    queue.offer(id(), address("203.0.113.2")); // takes the place of the oldest
    taken();
    for (int i = 0; i < firstInLine; i++) {
      stranger("203.0.113.1");
    }
    SocketId latest = stranger("203.0.113.2");
    for (int i = firstInLine + 1; i < SecureQueue.IN_LINE; i++) {
      latest = stranger("203.0.113.2");
    }
    assertThat(queue.offer(id(), address("203.0.113.3"))).containsExactly(latest, first.get(1));
  }

  @Test
  void whatWeDialled_goesFirst_andHasRoomThatIsItsOwn() {
    securedFrom("203.0.113.7", SecureQueue.STRANGERS_IN_FLIGHT - 1);
    SocketId stranger = stranger("203.0.113.8");
    SocketId ours = id();
    assertThat(queue.offer(ours)).isTrue();
    assertThat(List.of(taken(), taken())).containsExactly(ours, stranger);
    int room = SecureQueue.IN_FLIGHT - SecureQueue.STRANGERS_IN_FLIGHT;
    for (int i = 1; i < room; i++) {
      SocketId more = id();
      assertThat(queue.offer(more)).isTrue();
      assertThat(queue.next()).isEqualTo(more);
    }
    SocketId oneTooMany = id();
    assertThat(queue.offer(oneTooMany)).isTrue();
    assertThat(queue.next()).as("all places are taken").isNull();
    assertThat(queue.remove(stranger)).isTrue();
    assertThat(queue.next()).isEqualTo(oneTooMany);
  }

  @Test
  void whatWeDialled_isTurnedAwayWhenTooManyAreInLine_butNobodyIsSentAwayForIt() {
    for (int i = 0; i < SecureQueue.IN_LINE; i++) {
      assertThat(queue.offer(id())).isTrue();
    }
    SocketId oneTooMany = id();
    assertThat(queue.offer(oneTooMany)).isFalse();
    assertThat(queue.remove(oneTooMany)).isFalse();
    taken();
    assertThat(queue.offer(oneTooMany)).as("the line is shorter by one").isTrue();
    assertThat(queue.offer(oneTooMany)).as("it is there already").isFalse();
  }

  @Test
  void whoIsWhere_isKnownOfThoseThatAreHereOnly() {
    SocketId stranger = stranger("203.0.113.7");
    SocketId ours = id();
    queue.offer(ours);
    assertThat(queue.isStranger(stranger)).isTrue();
    assertThat(queue.isStranger(ours)).isFalse();
    assertThat(queue.isSecuring(ours)).isFalse();
    assertThat(taken()).isEqualTo(ours);
    assertThat(queue.isSecuring(ours)).isTrue();
    assertThat(queue.isSecuring(stranger)).isFalse();
    assertThat(queue.isSecuring(id())).isFalse();
    assertThat(queue.isStranger(id())).isFalse();

    assertThat(queue.drain()).containsExactly(stranger, ours);
    assertThat(queue.drain()).isEmpty();
    assertThat(queue.isSecuring(ours)).isFalse();
    assertThat(queue.next()).isNull();
  }

  private SocketId id() {
    return SocketId.accepted(++ids);
  }

  private SocketId stranger(String from) {
    SocketId id = id();
    assertThat(queue.offer(id, address(from))).isEmpty();
    return id;
  }

  private SocketId taken() {
    return Objects.requireNonNull(queue.next(), "nobody is next");
  }

  private List<SocketId> securedFrom(String from, int count) {
    List<SocketId> secured = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      secured.add(stranger(from));
      assertThat(queue.next()).isEqualTo(secured.getLast());
    }
    return secured;
  }

  private static InetAddress address(String literal) {
    return Objects.requireNonNull(IpLiteral.parse(literal));
  }
}

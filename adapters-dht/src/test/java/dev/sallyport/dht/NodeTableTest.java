package dev.sallyport.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.IpLiteral;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lbms.plugins.mldht.kad.Key;
import org.junit.jupiter.api.Test;

class NodeTableTest {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private final Random random = new Random(7);
  private final Key self = key();
  private final NodeTable table = new NodeTable(self, () -> CandidatePolicy.PRIVATE);

  @Test
  void sixtyNodes_areAllKnown() {
    for (int i = 0; i < 60; i++) {
      table.heard(contact(i), false, 0);
    }
    assertThat(table.size()).isGreaterThanOrEqualTo(55);
  }

  @Test
  void tenThousandNodes_areBounded_andTheClosestToOurselvesAreThere() {
    List<Contact> all = IntStream.range(0, 10_000).mapToObj(this::contact).toList();
    all.forEach(contact -> table.heard(contact, false, 0));
    assertThat(table.size()).isLessThan(400);
    List<Contact> closest =
        all.stream()
            .sorted(Comparator.comparing(Contact::id, new Key.DistanceOrder(self)))
            .limit(8)
            .toList();
    assertThat(table.closest(self, 8)).isEqualTo(closest);
  }

  @Test
  void silentTwice_isForgotten_andOnceNotNamed() {
    Contact contact = contact(1);
    table.heard(contact, false, 0);
    table.failed(contact.address());
    assertThat(table.closest(self, 8)).isEmpty();
    assertThat(table.size()).isEqualTo(1);
    table.failed(contact.address());
    assertThat(table.size()).isZero();
  }

  @Test
  void late_isNotNamed_untilItAnswers() {
    Contact contact = contact(1);
    table.heard(contact, false, 0);
    table.late(contact.address());
    table.late(contact.address());
    assertThat(table.closest(self, 8)).isEmpty();
    table.heard(contact, false, 1);
    assertThat(table.closest(self, 8)).containsExactly(contact);
  }

  @Test
  void onePacketLost_lateAndThenSilent_isNotForgotten() {
    Contact contact = contact(1);
    table.heard(contact, false, 0);
    table.late(contact.address());
    table.failed(contact.address());
    assertThat(table.size()).isEqualTo(1);
    table.heard(contact, false, 1);
    assertThat(table.closest(self, 8)).containsExactly(contact);
  }

  @Test
  void restartedWithAnotherId_replacesTheOld() {
    Contact before = contact(1);
    table.heard(before, false, 0);
    Contact after = new Contact(key(), before.address());
    assertThat(table.heard(after, false, 1)).isTrue();
    assertThat(table.closest(self, 8)).containsExactly(after);
  }

  @Test
  void idClaimedFromElsewhere_theOneThatAnswersStays() {
    Contact first = contact(1);
    table.heard(first, false, 0);
    Contact claimant = new Contact(first.id(), contact(2).address());
    assertThat(table.heard(claimant, false, MINUTE)).isFalse();
    assertThat(table.closest(self, 8)).containsExactly(first);
    assertThat(table.heard(claimant, false, 16 * MINUTE)).isTrue();
    assertThat(table.closest(self, 8)).containsExactly(claimant);
  }

  @Test
  void publicNetwork_takesOneNodeAnAddress_andNoPrivateOnes() {
    NodeTable open = new NodeTable(self, () -> CandidatePolicy.PUBLIC);
    assertThat(open.heard(at("198.18.0.1", 1), false, 0)).isTrue();
    assertThat(open.heard(at("198.18.0.1", 2), false, 0)).isFalse();
    for (String bogon : List.of("10.0.0.1", "127.0.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.1")) {
      assertThat(open.heard(at(bogon, 1), false, 0)).as(bogon).isFalse();
    }
    assertThat(open.size()).isEqualTo(1);
  }

  @Test
  void quietNode_isTheStalest() {
    Contact early = contact(1);
    Contact later = contact(2);
    table.heard(early, false, 0);
    table.heard(later, false, MINUTE);
    assertThat(table.stalest(MINUTE, MINUTE)).isNull();
    assertThat(table.stalest(MINUTE, 3 * MINUTE)).isEqualTo(early);
    assertThat(table.freshest(1)).containsExactly(later);
  }

  private Contact contact(int number) {
    return at("127." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255), 6881);
  }

  private Contact at(String address, int port) {
    return new Contact(
        key(), new InetSocketAddress(Objects.requireNonNull(IpLiteral.parse(address)), port));
  }

  private Key key() {
    byte[] raw = new byte[20];
    random.nextBytes(raw);
    return new Key(raw);
  }
}

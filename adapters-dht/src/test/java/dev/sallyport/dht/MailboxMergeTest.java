package dev.sallyport.dht;

import static dev.sallyport.dht.TestNetwork.SEALER;
import static dev.sallyport.dht.TestNetwork.item;
import static dev.sallyport.dht.TestNetwork.slot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MailboxMergeTest {
  private static final long NOW = 1_790_000_000;
  private static final MailboxEntry MINE = entry(1, 300, NOW + 60);

  @Test
  void othersKnocks_areKept() throws Exception {
    MailboxEntry other = entry(2, 300, NOW + 60);
    assertThat(merged(other)).containsExactlyInAnyOrder(MINE, other);
  }

  @Test
  void expiredByAnyClock_isDropped() throws Exception {
    assertThat(merged(entry(2, 300, NOW - 601))).containsExactly(MINE);
  }

  @Test
  void expiredByOurClockOnly_isKeptWhileThereIsRoom() throws Exception {
    MailboxEntry other = entry(2, 300, NOW - 10);
    assertThat(merged(other)).contains(other);
  }

  @Test
  void expiredByOurClockOnly_makesRoom_theOldestFirst() throws Exception {
    MailboxEntry older = entry(2, 300, NOW - 20);
    MailboxEntry old = entry(3, 300, NOW - 10);
    MailboxEntry good = entry(4, 300, NOW + 10);
    assertThat(merged(older, good, old)).containsExactlyInAnyOrder(MINE, old, good);
  }

  @Test
  void expiryThatNobodyMayAskFor_isDropped() throws Exception {
    assertThat(merged(entry(2, 300, NOW + 3600))).containsExactly(MINE);
  }

  @Test
  void noRoom_isNoValue() {
    Mailbox full = new Mailbox(1, List.of(entry(2, 480, NOW + 1), entry(3, 480, NOW + 1)));
    assertThat(full.with(MINE, NOW)).isNull();
  }

  @Test
  void sequence_followsTheClock_butNeverGoesBack() {
    assertThat(new Mailbox(5, List.of()).nextSequence(1000)).isEqualTo(1000);
    assertThat(new Mailbox(1000, List.of()).nextSequence(1000)).isEqualTo(1001);
    assertThat(new Mailbox(9000, List.of()).nextSequence(1000)).isEqualTo(9001);
    assertThat(new Mailbox(Long.MAX_VALUE, List.of()).isStuck()).isTrue();
  }

  @Test
  void foreignItem_isAsGoodAsNone() {
    Slot slot = slot(1);
    byte[] value = ItemCodec.mailbox(List.of(MINE));
    assertThat(Mailbox.of(MutableItem.sign(SEALER, slot, 7, value), slot.topic(), SEALER))
        .isEqualTo(new Mailbox(7, List.of(MINE)));
    assertThat(Mailbox.of(MutableItem.sign(SEALER, slot(2), 7, value), slot.topic(), SEALER))
        .isEqualTo(Mailbox.EMPTY);
  }

  @Test
  void expiry_isRoundedUpToAMinute() {
    SealedItem sealed = item(1, 10);
    assertThat(MailboxEntry.of(sealed, Instant.ofEpochSecond(1_790_000_041)).expiresSeconds())
        .isEqualTo(1_790_000_100);
    assertThat(MailboxEntry.of(sealed, Instant.MAX).expiresSeconds())
        .isLessThanOrEqualTo(MailboxEntry.MAX_EXPIRY);
  }

  private static List<MailboxEntry> merged(MailboxEntry... held) throws Exception {
    byte[] value = new Mailbox(1, List.of(held)).with(MINE, NOW);
    return ItemCodec.readMailbox(Objects.requireNonNull(value));
  }

  private static MailboxEntry entry(int number, int length, long expires) {
    return new MailboxEntry(item(number, length), expires);
  }
}

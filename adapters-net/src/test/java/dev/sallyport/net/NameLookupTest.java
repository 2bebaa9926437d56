package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.net.NameLookup.Answer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NameLookupTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(100);

  @Test
  void literals_needNoResolver() {
    NameLookup lookup =
        new NameLookup(
            name -> {
              throw new AssertionError("asked for " + name);
            });
    for (String literal : List.of("192.0.2.1:3478", "[2001:db8::1]:3478")) {
      assertThat(lookup.resolve(HostPort.parse(literal), SHORT))
          .isCompletedWithValue(new Answer(List.of(Endpoint.parse(literal)), null));
    }
  }

  @Test
  void name_givesEveryAddressOnce_inTheResolversOrder() throws Exception {
    NameLookup lookup =
        new NameLookup(
            name -> {
              InetAddress v6 = InetAddress.getByAddress(name, new byte[16]);
              InetAddress v4 = InetAddress.getByAddress(name, new byte[] {(byte) 192, 0, 2, 1});
              return new InetAddress[] {v6, v4, v6};
            });
    Answer answer = get(lookup.resolve(new HostPort("two.example", 80), LONG));
    assertThat(answer.endpoints())
        .containsExactly(Endpoint.parse("[::]:80"), Endpoint.parse("192.0.2.1:80"));
    assertThat(answer.problem()).isNull();
  }

  @Test
  void unknownName_isSaidSo() throws Exception {
    NameLookup lookup =
        new NameLookup(
            name -> {
              throw new UnknownHostException(name);
            });
    Answer answer = get(lookup.resolve(new HostPort("no.example", 80), LONG));
    assertThat(answer).isEqualTo(new Answer(List.of(), "the name no.example is not known"));
  }

  @Test
  void localhost_isFoundByTheJdk() throws Exception {
    Answer answer = get(new NameLookup().resolve(new HostPort("localhost", 80), LONG));
    assertThat(answer.endpoints()).contains(Endpoint.parse("127.0.0.1:80"));
  }

  @Test
  void lookUpThatHangs_endsInTime_andHoldsOneThreadHoweverOftenItIsAsked() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger threads = new AtomicInteger();
    NameLookup lookup = hanging(end, threads);
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      answers.add(lookup.resolve(new HostPort("hangs.example", 80 + i), SHORT));
    }
    for (CompletableFuture<Answer> answer : answers) {
      assertThat(get(answer).problem())
          .isEqualTo("the name hangs.example was not resolved within 100 ms");
    }
    assertThat(threads).hasValue(1);
    end.countDown();
  }

  @Test
  void whenAllThreadsHang_furtherNamesFailAtOnce_andLaterOnesWorkAgain() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger threads = new AtomicInteger();
    NameLookup lookup = hanging(end, threads);
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < NameLookup.MAX_THREADS; i++) {
      answers.add(lookup.resolve(new HostPort("hangs" + i + ".example", 80), LONG));
    }
    await().until(() -> threads.get() == NameLookup.MAX_THREADS);
    CompletableFuture<Answer> tooMany = lookup.resolve(new HostPort("more.example", 80), LONG);
    assertThat(tooMany).isDone();
    assertThat(get(tooMany).problem()).contains("16 look-ups hang already");

    end.countDown();
    for (CompletableFuture<Answer> answer : answers) {
      assertThat(get(answer).problem()).contains("is not known");
    }
    await()
        .until(
            () ->
                String.valueOf(
                        get(lookup.resolve(new HostPort("more.example", 80), LONG)).problem())
                    .contains("is not known"));
  }

  private static NameLookup hanging(CountDownLatch end, AtomicInteger threads) {
    return new NameLookup(
        name -> {
          threads.incrementAndGet();
          try {
            end.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          throw new UnknownHostException(name);
        });
  }

  private static Answer get(CompletableFuture<Answer> answer) throws Exception {
    return answer.get(20, TimeUnit.SECONDS);
  }
}

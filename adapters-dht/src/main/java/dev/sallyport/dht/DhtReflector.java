package dev.sallyport.dht;

import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What DHT nodes see of our UDP endpoint, by the <code>ip</code> field of their answers (BEP 42).
 * What they said within the last minute, when the network was entered for instance, is told at
 * once; only if fewer than {@link #ENOUGH} have said anything are others asked.
 *
 * <p>It speaks for the DHT's own UDP port whatever port is asked about: observations say so.
 *
 * <p>Threading: as {@link Reflector} says.
 */
public final class DhtReflector implements Reflector {
  private static final int ENOUGH = 3;
  private static final int MAX_ASKED = 6;
  private static final int DEADLINE_MILLIS = 1500;

  private final DhtNode node;

  /**
   * @param node stays open when this is closed
   */
  public DhtReflector(DhtNode node) {
    this.node = node;
  }

  @Override
  public CompletionStage<Survey> observe(int localPort, Consumer<Observation> sink) {
    CompletableFuture<Survey> promise = new CompletableFuture<>();
    if (node.isClosed()) {
      promise.complete(new Survey(0, 0));
      return promise;
    }
    var unused =
        node.join()
            .whenCompleteAsync(
                (presence, failure) -> new Asking(sink, promise).start(), node.loop());
    return promise;
  }

  @Override
  public void close() {}

  /** One survey. Confined to the loop. */
  private final class Asking {
    private final Consumer<Observation> sink;
    private final CompletableFuture<Survey> promise;
    private final Executor sinks = node.sinks();
    private final Set<InetSocketAddress> told = new HashSet<>();
    private int asked;
    private int waitingFor;
    private boolean ended;

    Asking(Consumer<Observation> sink, CompletableFuture<Survey> promise) {
      this.sink = sink;
      this.promise = promise;
    }

    void start() {
      node.observations().fresh(System.nanoTime()).forEach(this::tell);
      asked = told.size();
      if (told.size() < ENOUGH) {
        List<Contact> others =
            node.table().freshest(2 * MAX_ASKED).stream()
                .filter(contact -> !told.contains(contact.address()))
                .limit(MAX_ASKED)
                .toList();
        asked += others.size();
        waitingFor = others.size();
        node.loop().later(DEADLINE_MILLIS, this::end);
        others.forEach(this::ask);
      }
      endIfSettled();
    }

    private void ask(Contact contact) {
      node.rpc()
          .ask(
              node.queries().ping(),
              contact.address(),
              reply -> {
                if (reply instanceof Reply.Late || ended) {
                  return;
                }
                waitingFor--;
                if (reply instanceof Reply.Answer answer) {
                  Observation observation = node.observations().in(contact.address(), answer);
                  if (observation != null) {
                    tell(observation);
                  }
                }
                endIfSettled();
              });
    }

    private void tell(Observation observation) {
      if (told.add(observation.observer().toSocketAddress())) {
        sinks.execute(() -> sink.accept(observation));
      }
    }

    private void endIfSettled() {
      if (waitingFor == 0) {
        end();
      }
    }

    private void end() {
      if (!ended) {
        ended = true;
        Survey survey = new Survey(told.size(), asked);
        sinks.execute(() -> promise.complete(survey));
      }
    }
  }
}

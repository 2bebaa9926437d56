package dev.sallyport.dht;

import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
  private static final int PATIENCE_MILLIS = 1500;
  private static final int DEADLINE_MILLIS = 4900;

  private final DhtNode node;

  /**
   * @param node stays open when this is closed
   */
  public DhtReflector(DhtNode node) {
    this.node = node;
  }

  @Override
  public CompletionStage<Survey> observe(int localPort, Consumer<Observation> sink) {
    CompletableFuture<Survey> promise = node.promises().make();
    Asking asking = new Asking(sink, promise);
    node.loop().later(DEADLINE_MILLIS, asking::end);
    var unused =
        node.join().whenComplete((presence, failure) -> node.loop().execute(asking::start));
    // The only failure is that the node was closed.
    return promise.exceptionally(closed -> new Survey(0, 0));
  }

  @Override
  public void close() {}

  /** One survey. Confined to the loop. */
  private final class Asking {
    private final Consumer<Observation> sink;
    private final CompletableFuture<Survey> promise;
    private final Set<InetSocketAddress> told = new HashSet<>();
    private int asked;
    private int waitingFor;
    private boolean ended;

    Asking(Consumer<Observation> sink, CompletableFuture<Survey> promise) {
      this.sink = sink;
      this.promise = promise;
    }

    void start() {
      if (ended) {
        return;
      }
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
        node.loop().later(PATIENCE_MILLIS, this::end);
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
        node.sinks().execute(() -> sink.accept(observation));
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
        node.promises().keep(promise, new Survey(told.size(), asked));
      }
    }
  }
}

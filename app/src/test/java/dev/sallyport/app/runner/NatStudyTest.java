package dev.sallyport.app.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.NatInquiry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NatStudyTest {
  private final FakeNet net = new FakeNet();
  private final List<Evidence> learnt = new CopyOnWriteArrayList<>();
  private final ExecutorService workers = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    workers.shutdownNow();
  }

  @Test
  void eachNetwork_isStudiedOnce() {
    FakeInquiry inquiry = FakeInquiry.honest("192.0.2.1:3478");
    try (NatStudy study = study(inquiry)) {
      study.start();
      study.start();
      await().until(() -> learnt.size() == 1);
      assertThat(inquiry.asked).hasSize(1);
      study.stale();
      study.start();
      await().until(() -> learnt.size() == 2);
      assertThat(inquiry.asked).hasSize(2);
    }
  }

  @Test
  void closed_itAsksNobodyAnyMore_andHoldsNoPort() {
    FakeInquiry inquiry = FakeInquiry.silent("192.0.2.1:3478");
    NatStudy study = study(inquiry);
    study.start();
    await().until(() -> inquiry.asked.size() == 1);
    int port = inquiry.asked.getFirst().filterPorts().getFirst();
    study.close();
    study.start();
    await().until(() -> !net.isListening(port));
    assertThat(inquiry.asked).hasSize(1);
    assertThat(learnt).isEmpty();
  }

  private NatStudy study(NatInquiry inquiry) {
    return new NatStudy(PortsOf.inquiries(net, inquiry), workers, learnt::add);
  }
}

package dev.sallyport.harness.architecture.offenders.ws;

import com.google.inject.Injector;
import org.awaitility.Awaitility;
import org.bouncycastle.asn1.x500.X500Name;

public final class UsesForeignLibraries {
  private UsesForeignLibraries() {}

  public static void ofAnotherRoom(X500Name name) {}

  public static void ofTheApp(Injector injector) {}

  public static void ofNobody() {
    Awaitility.reset();
  }
}

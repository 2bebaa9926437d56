package dev.sallyport.harness.kit;

import dev.sallyport.harness.scenario.NatKind;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What {@link NatLab} builds for a test that wants a {@link TwoSites}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface BehindNats {
  /** What the host that calls is behind. */
  NatKind client();

  /** What the host that is called is behind. */
  NatKind server();

  /** From host to host, one way. */
  int delayMillis() default 25;

  /** How many of 100 packets get lost between the hosts, 0 to 90. */
  double lossPercent() default 0;

  /** Where all chance comes from. */
  long seed() default 1;
}

package dev.sallyport.harness.kit;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A JUnit 5 extension, for {@code @ExtendWith(NatLab.class)}: a test under {@link BehindNats} gets
 * the {@link TwoSites} it asks for. If a test fails that has one, by this way or as an argument of
 * a parameterized test, what was played, its seed and the packet log are printed with the failure,
 * as its suppressed exception.
 */
public final class NatLab implements ParameterResolver, InvocationInterceptor {

  /** What was on the network when a test failed. */
  static final class Played extends Exception {
    private static final long serialVersionUID = 1L;

    private Played(TwoSites sites) {
      super(
          "played: " + sites + ", until " + sites.now().toMillis() + " ms\n" + sites.log(),
          null,
          false,
          false);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TwoSites.class && wanted(context).isPresent();
  }

  /**
   * One test has one: its {@code @BeforeEach} methods get the same.
   *
   * @throws ParameterResolutionException if the annotation says what cannot be
   */
  @Override
  public TwoSites resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(Namespace.create(NatLab.class))
        .getOrComputeIfAbsent(
            TwoSites.class, type -> build(wanted(context).orElseThrow()), TwoSites.class);
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> test, ReflectiveInvocationContext<Method> call, ExtensionContext context)
      throws Throwable {
    proceed(test, call.getArguments());
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> test, ReflectiveInvocationContext<Method> call, ExtensionContext context)
      throws Throwable {
    proceed(test, call.getArguments());
  }

  static void proceed(Invocation<Void> test, List<Object> arguments) throws Throwable {
    try {
      test.proceed();
    } catch (Throwable failure) {
      for (Object argument : arguments) {
        if (argument instanceof TwoSites sites) {
          failure.addSuppressed(new Played(sites));
        }
      }
      throw failure;
    }
  }

  private static TwoSites build(BehindNats wanted) {
    try {
      return TwoSites.between(wanted.client(), wanted.server())
          .delay(Duration.ofMillis(wanted.delayMillis()))
          .loss(wanted.lossPercent())
          .seed(wanted.seed())
          .build();
    } catch (IllegalArgumentException e) {
      throw new ParameterResolutionException("@BehindNats: " + e.getMessage(), e);
    }
  }

  private static Optional<BehindNats> wanted(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), BehindNats.class);
  }
}

package dev.servicepool.spring;

import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that random input from outside of the application has only the documented
 * effects. Each subclass provides its kinds of input with the method {@code sources}.
 * {@code -Dhostile.seed} repeats a run of the profile {@code measured}, and
 * {@code -Dhostile.inputs} sets its length.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class HostileInputTests {

	private static final long SEED = 20261129;

	private static final int FEW = 10_000;

	private static final int MANY = Integer.getInteger("hostile.inputs", 1_000_000);

	/**
	 * Source of input.
	 *
	 * @param name the name of the source
	 * @param check generates one input, uses it, and checks the effects
	 */
	public record Source(String name, Check check) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	/** Check with one input. */
	public interface Check {

		void accept(HostileInput input) throws Exception;

	}

	@ParameterizedTest
	@MethodSource("sources")
	void randomInputHasNoOtherEffects(Source source) {
		run(source, FEW, SEED);
	}

	@Tag("measured")
	@ParameterizedTest
	@MethodSource("sources")
	void moreRandomInputHasNoOtherEffects(Source source) {
		run(source, MANY, Long.getLong("hostile.seed", new Random().nextLong()));
	}

	/**
	 * Check the inputs on a thread of its own, because exceptions are created several
	 * times as fast without the stack frames of the test framework.
	 */
	private static void run(Source source, int count, long seed) {
		FutureTask<Void> checks = new FutureTask<>(() -> check(source, count, seed), null);
		Thread thread = new Thread(checks, "hostile-input");
		thread.start();
		try {
			checks.get();
		}
		catch (ExecutionException ex) {
			throw new AssertionError(ex.getCause().getMessage(), ex.getCause());
		}
		catch (InterruptedException ex) {
			thread.interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static void check(Source source, int count, long seed) {
		HostileInput input = new HostileInput(seed);
		for (int i = 1; i <= count; i++) {
			input.reset();
			try {
				source.check().accept(input);
			}
			catch (Throwable ex) {
				throw new AssertionError(
						"input " + i + " of '" + source + "' with -Dhostile.seed=" + seed + ":\n" + input, ex);
			}
		}
	}

}

package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.autoconfigure.SideBySide.Wire;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Base class for tests that compare a plain client and a pooled client over each
 * protocol.
 */
@ParameterizedClass
@EnumSource(Wire.class)
abstract class SideBySideTests extends EchoTests {

	static SideBySide sides;

	@Parameter
	Wire wire;

	@BeforeParameterizedClassInvocation
	static void start(Wire wire) {
		sides = new SideBySide(wire, server, echo);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		sides.close();
	}

}

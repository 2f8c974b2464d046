package dev.servicepool.sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartMessage}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartMessageTests {

	@Test
	void addressesAreLoggedOnceWithActualPort(CapturedOutput output) {
		try (ConfigurableApplicationContext context = SpringApplication.run(SampleApplication.class,
				"--server.port=0")) {
			String address = "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port");
			assertThat(output.toString().lines().filter((line) -> line.contains("http://localhost:"))).singleElement()
				.asString()
				.contains(" INFO ", " " + address + "/ ", " " + address + "/actuator/pool ");
		}
	}

}

package dev.servicepool.sample;

import java.time.Duration;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Controller that puts load on the pool and returns a report when the load ends.
 */
@RestController
class LoadController {

	private static final int MAX_CALLERS = 500;

	private static final int MAX_SECONDS = 300;

	private final LoadGenerator generator;

	LoadController(LoadGenerator generator) {
		this.generator = generator;
	}

	@PostMapping("/load")
	LoadReport load(@RequestParam int callers, @RequestParam int seconds) throws InterruptedException {
		requireInRange("callers", callers, MAX_CALLERS);
		requireInRange("seconds", seconds, MAX_SECONDS);
		return this.generator.run(callers, Duration.ofSeconds(seconds));
	}

	private static void requireInRange(String name, int value, int max) {
		if (value < 1 || value > max) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"'%s' must be from 1 to %d but was %d".formatted(name, max, value));
		}
	}

}

package dev.servicepool.spring.docs;

import java.util.function.Function;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

/**
 * The code in README.md.
 */
@Configuration(proxyBeanMethods = false)
@Import(ReadmeSnippets.Assistant.class)
class ReadmeSnippets {

	@Bean
	ServiceFactory<Prompt, Completion> model() {
		return (target) -> Service.of(new ModelProcess());
	}

	@Component
	record Assistant(Pool<Prompt, Completion> model) {

		Completion ask(Prompt prompt) throws Exception {
			return this.model.call(prompt);
		}

	}

	static String withoutSpring(ServiceFactory<String, String> factory) throws Exception {
		Pool<String, String> pool = Pool.builder().name("model").maxConcurrency(2).maxServices(3).build(factory);
		String answer = pool.call("question");
		pool.close();
		return answer;
	}

	record Prompt(String text) {
	}

	record Completion(String text) {
	}

	static final class ModelProcess implements Function<Prompt, Completion> {

		@Override
		public Completion apply(Prompt prompt) {
			return new Completion("answer to " + prompt.text());
		}

	}

}

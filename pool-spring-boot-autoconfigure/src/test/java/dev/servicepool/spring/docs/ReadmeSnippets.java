package dev.servicepool.spring.docs;

import java.io.IOException;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

/**
 * Code that README.md shows.
 */
@Configuration(proxyBeanMethods = false)
@Import(ReadmeSnippets.Assistant.class)
class ReadmeSnippets {

	@Bean
	ServiceFactory<Prompt, Completion> model() {
		return (target) -> {
			ModelProcess process = ModelProcess.start();
			return Service.of(process::complete, process::close);
		};
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

	static final class ModelProcess {

		static ModelProcess start() throws IOException {
			return new ModelProcess();
		}

		Completion complete(Prompt prompt) throws IOException {
			return new Completion("response to " + prompt.text());
		}

		void close() throws IOException {
		}

	}

}

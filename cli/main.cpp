// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

#include "cli/graph.h"
#include "cli/program.h"
#include "cli/view.h"
#include "experiments/harness/launcher.h"
#include "experiments/harness/module.h"

// Parses, calls one command, and turns every exception into one line. Nothing else happens here.
namespace saggio::cli {
namespace {

using Action = std::function<int()>;

// What the command line fills in; it outlives the parsing.
struct Arguments {
  Program program;
  std::string study, other, format, out, mirror, action;
  std::vector<std::string> claims;
  RunOptions run;
  CurveExport curve{.arm = "full"};
  GraphArguments graph;
  ViewArguments view;
  bool watch = false, all = false, really = false;
};

void add_overrides(CLI::App* command, Overrides& overrides) {
  command
      ->add_option(
          "--set", overrides.sets, "KEY=VALUE: a value of [base]; may be given more than once")
      ->type_name("KEY=VALUE");
  command->add_option("--seeds", overrides.seeds, "the first N seeds instead of the study's")
      ->type_name("N")
      ->check(CLI::Range(1, 100'000));
  command->add_flag(
      "--mixed-code", overrides.mixed_code, "compare runs that different builds made");
}

void add_running(CLI::App& app, Arguments& a, Action& action) {
  auto* plan_command =
      app.add_subcommand("plan", "What would run, what it costs, and what its seeds can detect");
  plan_command->add_option("STUDY", a.study, "a study's file or name")->required();
  add_overrides(plan_command, a.run.overrides);
  plan_command->callback(
      [&] { action = [&] { return plan(a.program, a.study, a.run.overrides); }; });

  auto* run_command = app.add_subcommand("run", "Runs what is missing; type it again to continue");
  run_command->add_option("STUDY", a.study, "a study's file or name")->required();
  add_overrides(run_command, a.run.overrides);
  run_command
      ->add_option(
          "--jobs", a.run.jobs, "runs at the same time (default: cores / threads of a run)")
      ->check(CLI::Range(1, 1024));
  run_command
      ->add_option(
          "--only", a.run.only, "only these arms, as plan lists them; without a task: on all tasks")
      ->type_name("ARM");
  run_command->add_flag("--force", a.run.force, "run again what is there already");
  run_command->add_option("--checkpoint", a.run.checkpoint_seconds, "seconds between checkpoints")
      ->check(CLI::Range(.01, 1e6))
      ->capture_default_str();
  run_command
      ->add_option("--tensorboard", a.run.tensorboard, "event files of all runs, while they run")
      ->type_name("DIR");
  run_command->callback([&] { action = [&] { return run(a.program, a.study, a.run); }; });

  auto* status_command = app.add_subcommand("status", "Done, running, failed, remaining");
  status_command->add_option(
      "STUDY", a.study, "a study's file or name (default: all that have runs)");
  status_command->add_flag("--watch", a.watch, "keep looking, until Ctrl-C");
  status_command->callback([&] { action = [&] { return status(a.program, a.study, a.watch); }; });

  auto* show_command = app.add_subcommand("show", "One run: its configuration, record, log, files");
  show_command->add_option("RUN", a.study, "a run's folder, or the first digits of its identity")
      ->required();
  show_command->callback([&] { action = [&] { return show(a.program, a.study); }; });

  auto* diff_command =
      app.add_subcommand("diff", "How two runs differ: configuration, machine, results");
  diff_command->add_option("RUN", a.study, "the first run")->required();
  diff_command->add_option("OTHER", a.other, "the second run")->required();
  diff_command->callback([&] { action = [&] { return diff(a.program, a.study, a.other); }; });

  auto* gc_command = app.add_subcommand(
      "gc", "Removes what no record needs: checkpoints of done runs, unused patches");
  gc_command->add_flag("--yes", a.really, "remove; without it, only say what would go");
  gc_command->callback([&] { action = [&] { return gc(a.program, a.really); }; });
}

void add_reading(CLI::App& app, Arguments& a, Action& action) {
  auto* table_command = app.add_subcommand("table", "The results table");
  table_command->add_option("STUDY", a.study, "a study's file or name")->required();
  add_overrides(table_command, a.run.overrides);
  table_command
      ->add_option("--format",
                   a.format,
                   "text, md, tex, csv, json or html (default: as FILE ends, else text)")
      ->check(CLI::IsMember({"text", "md", "tex", "csv", "json", "html"}));
  table_command->add_option("--out", a.out, "write it to this file")->type_name("FILE");
  table_command->callback([&] {
    action = [&] { return table(a.program, a.study, a.run.overrides, a.format, a.out); };
  });

  auto* report_command =
      app.add_subcommand("report", "One self-contained page, with all tables and plots beside it");
  report_command->add_option("STUDY", a.study, "a study's file or name")->required();
  add_overrides(report_command, a.run.overrides);
  report_command->add_option("--out", a.out, "folder (default: runs/STUDY/report)")
      ->type_name("DIR");
  report_command->callback(
      [&] { action = [&] { return report(a.program, a.study, a.run.overrides, a.out); }; });

  auto* export_command =
      app.add_subcommand("export", "Writes the study's evidence: one small file to commit");
  export_command->add_option("STUDY", a.study, "a study's file or name")->required();
  add_overrides(export_command, a.run.overrides);
  auto* curve = export_command->add_option(
      "--curve", a.curve.events, "instead: an arm's mean curves of these events, as a table");
  export_command->add_option("--arm", a.curve.arm, "whose curves (default: full)")->needs(curve);
  export_command->add_option("--out", a.curve.out, "write them to this file")
      ->type_name("FILE")
      ->needs(curve);
  export_command
      ->add_option("--tensorboard",
                   a.run.tensorboard,
                   "instead: TensorBoard event files of all runs into this folder")
      ->type_name("DIR")
      ->excludes(curve);
  export_command->callback([&] {
    action = [&] {
      if (!a.run.tensorboard.empty())
        return export_tensorboard(a.program, a.study, a.run.overrides, a.run.tensorboard);
      return a.curve.events.empty() ? export_evidence(a.program, a.study, a.run.overrides)
                                    : export_curves(a.program, a.study, a.run.overrides, a.curve);
    };
  });

  auto* claim_command =
      app.add_subcommand("claim", "The verdict on a claim, or the ledger of all of them");
  claim_command->add_option("CLAIM", a.claims, "claim files or names");
  claim_command->add_flag("--all", a.all, "every claim in experiments/claims");
  claim_command->add_flag(
      "--mixed-code", a.run.overrides.mixed_code, "compare runs that different builds made");
  claim_command->callback([&] {
    action = [&] { return claim(a.program, a.claims, a.all, a.run.overrides.mixed_code); };
  });
}

void add_looking(CLI::App& app, Arguments& a, Action& action) {
  auto* check_command =
      app.add_subcommand("check", "The honesty gates on a module, or on a study and its arms");
  check_command->add_option("NAME", a.study, "a module's name, or a study's file or name")
      ->required();
  check_command
      ->add_option(
          "--set", a.run.overrides.sets, "KEY=VALUE of the module's config, or the study's base")
      ->type_name("KEY=VALUE");
  check_command->callback(
      [&] { action = [&] { return check(a.program, a.study, a.run.overrides.sets); }; });

  auto* modules_command =
      app.add_subcommand("modules", "The experiments there are, or one's configuration reference");
  modules_command->add_option("NAME", a.study, "a module's name");
  modules_command->callback([&] { action = [&] { return list_modules(a.program, a.study); }; });

  auto* data_command = app.add_subcommand("data", "Public data sets: list, get, verify, path");
  data_command->add_option("ACTION", a.action, "list, get, verify or path")
      ->required()
      ->check(CLI::IsMember({"list", "get", "verify", "path"}));
  data_command->add_option("NAME", a.study, "a data set's name");
  data_command
      ->add_option("--mirror", a.mirror, "a local folder to copy from (default: SAGGIO_MIRROR)")
      ->type_name("DIR");
  data_command->callback(
      [&] { action = [&] { return data(a.program, a.action, a.study, a.mirror); }; });

  auto* doctor_command =
      app.add_subcommand("doctor", "Versions, libraries, threads, free disk; says what to do");
  doctor_command->callback([&] { action = [&] { return doctor(a.program); }; });
}

int parse_and_act(int argc, char** argv) {
  CLI::App app{"Saggio: a paper's claim goes in as a file; a verdict comes out."};
  Arguments a;
  const char* runs = std::getenv("SAGGIO_RUNS");
  a.program.runs = runs == nullptr ? "runs" : runs;
  a.program.folder = program_folder();
  Action action;
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", "saggio " SAGGIO_VERSION);
  app.add_option("--runs", a.program.runs, "where runs are kept (default: runs, or SAGGIO_RUNS)")
      ->type_name("DIR");
  app.add_flag("--json", a.program.json, "answer as JSON");
  app.add_flag("--quiet", a.program.quiet, "say only what matters");
  add_running(app, a, action);
  add_reading(app, a, action);
  add_looking(app, a, action);
  add_graph(app, a.program, a.graph, action);
  add_view(app, a.program, a.view, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    std::cerr << "error: " << error.what() << "; type `saggio --help`\n";
    return 2;
  }
  return action();
}

}  // namespace
}  // namespace saggio::cli

int main(int argc, char** argv) {
  try {
    return saggio::cli::parse_and_act(argc, argv);
  } catch (const saggio::harness::StudyBusy& error) {
    std::cerr << "error: " << error.what() << "\n";
    return 75;
  } catch (const saggio::cli::StoreBusy& error) {
    std::cerr << "error: " << error.what() << "\n";
    return 75;
  } catch (const saggio::harness::DeviceMissing& error) {
    std::cerr << "error: " << error.what() << "\n";
    return 3;
  } catch (const saggio::cli::ViewerMissing& error) {
    std::cerr << "error: " << error.what() << "\n";
    return 3;
  } catch (const std::invalid_argument& error) {
    std::cerr << "error: " << error.what() << "\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << "\n";
    return 1;
  }
}

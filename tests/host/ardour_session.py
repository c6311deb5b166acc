#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors

"""Sessions in Ardour: made, saved, moved and exported without a window."""

import os
import re
import shutil
import subprocess

import wav

RATE = 48000
PRESET_ID = "b5f5f0e4-7d53-4b1c-9d5a-5d8a1c0f7a11"
FLOAT_FORMAT_ID = "20b4ab09-6452-4cb3-bd66-b921cdbd2942"
SUPERCLOCKS = 282240000  # a second, in Ardour's unit of time

CREATE = """
assert(create_session("{session}", "test", {rate}))
track = Session:new_audio_track(2, 2, nil, 1, "dry",
  ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true):front()
plugin = ARDOUR.LuaAPI.new_plugin(Session, "urn:faltung:stereo",
  ARDOUR.PluginType.LV2, "{preset}")
assert(not plugin:isnil())
assert(track:add_processor_by_index(plugin, 0, nil, true) == 0)

-- Two numbers of a control: among the ports, and among the controls
function find(label)
  local p, nth = plugin:to_insert():plugin(0), 0
  for port = 0, p:parameter_count() - 1 do
    if p:parameter_is_control(port) then
      if p:parameter_label(port) == label then
        return port, nth
      end
      nth = nth + 1
    end
  end
  error(label)
end

function set(label, value)
  local _, nth = find(label)
  assert(ARDOUR.LuaAPI.set_processor_param(plugin, nth, value))
end

function draw(label, points)
  local port, nth = find(label)
  local list, line = ARDOUR.LuaAPI.plugin_automation(plugin, nth)
  assert(not list:isnil())
  for _, point in ipairs(points) do
    line:add(Temporal.timepos_t(point[1]), point[2], false, true)
  end
  plugin:to_automatable():automation_control(
    Evoral.Parameter(ARDOUR.AutomationType.PluginAutomation, 0, port),
    true):set_automation_state(ARDOUR.AutoState.Play)
end

{settings}
Session:save_state("")
close_session()
quit()
"""

SAVE_AGAIN = """
assert(load_session("{session}", "test"))
Session:save_state("")
close_session()
quit()
"""

EXPORT = """
assert(load_session("{session}", "test"))
export = Session:simple_export()
export:set_folder("{session}/export")
export:set_name("out")
assert(export:set_preset("{preset_id}"))
export:set_range(0, {n})
assert(export:check_outputs())
assert(export:run_export())
close_session()
quit()
"""

EXPORT_PRESET = f"""<?xml version="1.0" encoding="UTF-8"?>
<ExportPreset id="{PRESET_ID}" name="float">
  <ExportFormat id="{FLOAT_FORMAT_ID}"/>
  <ExportFilename>
    <Folder relative="true" path="/export"/>
    <Field name="label" enabled="false"/>
    <Field name="session" enabled="false"/>
    <Field name="revision" enabled="false"/>
    <Field name="time" enabled="false" value="T_None"/>
    <Field name="date" enabled="false" value="D_None"/>
  </ExportFilename>
</ExportPreset>
"""

REGION = """<Region name="dry" type="audio" id="{id}" whole-file="{whole}"
  start="a0" length="a{length}@a0" opaque="1" stretch="1" shift="1"
  fade-in-active="0" fade-out-active="0" scale-amplitude="1" channels="2"
  source-0="{s0}" source-1="{s1}" master-source-0="{s0}"
  master-source-1="{s1}"/>
"""


class Ardour:
    """Runs each script in a process of its own, all with one home."""

    def __init__(self, program, home, bundles):
        self.program = program
        self.home = home
        export = home / ".config" / "ardour7" / "export"
        export.mkdir(parents=True)
        (export / "float.preset").write_text(EXPORT_PRESET)
        self.env = dict(
            os.environ,
            HOME=str(home),
            XDG_CONFIG_HOME=str(home / ".config"),
            LV2_PATH=f"{bundles}:/usr/lib/lv2",
        )

    def run(self, script):
        path = self.home / "script.lua"
        path.write_text(script)
        done = subprocess.run(
            [self.program, str(path)],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
        )
        if "Error: " in done.stdout or "error" in done.stdout.split():
            raise RuntimeError(done.stdout)

    def create(self, session, preset, settings):
        """Make and save a session: one stereo track with the plugin.

        Settings are lines of Lua: set(label, value) gives a control a value,
        draw(label, {{frame, value}, ...}) an automation line that is played.
        """
        self.run(
            CREATE.format(
                session=session, rate=RATE, preset=preset, settings=settings
            )
        )

    def save_again(self, session):
        self.run(SAVE_AGAIN.format(session=session))

    def export(self, session, n_frames):
        """Load a session, export its start, and return the samples."""
        self.run(
            EXPORT.format(session=session, preset_id=PRESET_ID, n=n_frames)
        )
        return wav.read(next((session / "export").glob("*.wav")))


def put_audio(session, channels):
    """Lay a file on the session's track, as importing it would."""
    wav.write(
        session / "interchange" / session.name / "audiofiles" / "dry.wav",
        channels,
        RATE,
    )
    path = session / "test.ardour"
    text = path.read_text()
    first = int(re.search(r'id-counter="(\d+)"', text).group(1)) + 10
    length = len(channels[0]) * SUPERCLOCKS // RATE
    sources = "".join(
        f'<Source name="dry.wav" take-id="" type="audio" flags="" '
        f'id="{first + c}" channel="{c}" origin="" gain="1"/>'
        for c in range(2)
    )
    region = dict(length=length, s0=first, s1=first + 1)
    whole = REGION.format(whole=1, id=first + 2, **region)
    part = REGION.format(whole=0, id=first + 3, **region)
    text = text.replace("<Sources/>", f"<Sources>{sources}</Sources>")
    text = text.replace("<Regions/>", f"<Regions>{whole}</Regions>")
    text = re.sub(
        r'(<Playlist [^>]*name="dry"[^>]*)/>', rf"\1>{part}</Playlist>", text
    )
    text = re.sub(r'id-counter="\d+"', f'id-counter="{first + 20}"', text)
    path.write_text(text)


def move(session, place):
    """Move a session to another machine, with the files that it links to."""
    shutil.copytree(session, place)
    shutil.rmtree(session)
    inner = place / "interchange"
    (inner / session.name).rename(inner / place.name)
